/* Sends chosen files at once, one after the other, and shows how far each is.
   Without scripts the button below the field sends them with the form. The server looks at each file in the
   same way, and answers with the new list of files or with what is wrong. */
export function sendFiles(box) {
  const field = box.querySelector("input[type=file]");
  const lines = box.querySelector("[data-uploads]");
  const status = box.querySelector("[data-upload-status]");
  const token = field.form.querySelector("[name=csrf_token]").value;
  const texts = box.dataset;
  const say = (text, name, percent) => text.replaceAll("{name}", name).replaceAll("{percent}", `${percent}%`);
  const queue = [];
  let busy = false;
  let waiting = null; // the button that was pressed while files were on their way

  box.querySelector("[data-upload-button]").hidden = true;
  // What is chosen here is on its way already: it is no entry of the form that waits to be saved.
  field.addEventListener("input", (event) => event.stopPropagation());
  field.addEventListener("change", () => {
    for (const file of field.files) queue.push(lineFor(file));
    field.value = "";
    next();
  });

  // Going on would break off what is still on its way: first the files, then the button.
  field.form.addEventListener(
    "submit",
    (event) => {
      if (!busy) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      waiting = event.submitter;
      status.textContent = texts.textWait;
    },
    { capture: true },
  );
  window.addEventListener("beforeunload", (event) => {
    if (busy) event.preventDefault();
  });

  function goOn() {
    const button = waiting;
    waiting = null;
    if (button && !lines.querySelector("[data-refused]")) field.form.requestSubmit(button);
  }

  function lineFor(file) {
    const line = document.createElement("li");
    const text = document.createElement("span");
    const meter = document.createElement("progress");
    const button = document.createElement("button");
    text.textContent = say(texts.textWaiting, file.name);
    meter.className = "meter";
    meter.max = 100;
    meter.value = 0;
    meter.setAttribute("aria-label", file.name);
    button.type = "button";
    button.className = "nl-button nl-button--subtle";
    button.textContent = texts.textCancel;
    button.setAttribute("aria-label", say(texts.textCancelName, file.name));
    line.append(text, meter, button);
    lines.append(line);
    const one = { file, line, text, meter, button, request: null };
    button.addEventListener("click", () => cancel(one));
    return one;
  }

  function next() {
    if (busy) return;
    if (queue.length === 0) {
      goOn();
      return;
    }
    const one = queue.shift();
    if (one.file.size > Number(texts.mostBytes)) {
      refuse(one, texts.textLarge);
      next();
      return;
    }
    busy = true;
    send(one);
  }

  function send(one) {
    const { file, meter, text } = one;
    const content = new FormData();
    content.append("file", file);
    const request = new XMLHttpRequest();
    one.request = request;
    request.open("POST", texts.upload);
    request.setRequestHeader("X-CSRFToken", token);
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", (event) => {
      const percent = Math.floor((100 * event.loaded) / event.total);
      meter.value = percent;
      text.textContent = say(percent < 100 ? texts.textBusy : texts.textChecking, file.name, percent);
    });
    request.addEventListener("load", () => answered(one, request));
    request.addEventListener("error", () => refuse(one, texts.textLost));
    request.addEventListener("abort", () => refuse(one, texts.textCancelled));
    request.addEventListener("loadend", () => {
      busy = false;
      next();
    });
    text.textContent = say(texts.textBusy, file.name, 0);
    request.send(content);
  }

  function answered(one, request) {
    const answer = jsonIn(request);
    if (answer?.list !== undefined) {
      box.querySelector("[data-file-list]").innerHTML = answer.list;
      status.textContent = answer.told;
      close(one);
    } else if (answer?.error) {
      refuse(one, answer.error);
    } else {
      refuse(one, unanswered(request));
    }
  }

  // Something that is no answer of the upload: a page of an error, or of logging in.
  function unanswered(request) {
    if (request.status === 401 || (request.status === 200 && request.responseURL !== location.href)) return texts.textLogin;
    return request.status === 413 ? texts.textLarge : texts.textFailed;
  }

  function cancel(one) {
    if (one.request && one.request.readyState !== XMLHttpRequest.DONE) {
      one.request.abort();
      return;
    }
    const place = queue.indexOf(one);
    if (place >= 0) queue.splice(place, 1);
    close(one);
  }

  // The message stays until it is put away, and is read out at once.
  function refuse(one, message) {
    one.request = null;
    one.meter.remove();
    one.line.dataset.refused = "yes";
    one.text.role = "alert";
    one.text.textContent = say(message, one.file.name);
    one.button.textContent = texts.textClose;
    one.button.setAttribute("aria-label", `${texts.textClose}: ${one.file.name}`);
  }

  function close(one) {
    const focused = one.line.contains(document.activeElement);
    one.line.remove();
    if (focused) field.focus();
  }
}

function jsonIn(request) {
  try {
    return JSON.parse(request.responseText);
  } catch {
    return null;
  }
}
