/* A part of a form that the server works out again while somebody fills in the fields that it names; the
   name of a list stands for all its lines.
   Without scripts, or when the connection is gone, the button beside it does the same. */
const PAUSE = 400; // milliseconds without a change

export function keepLive(part) {
  const form = part.closest("form");
  const status = document.createElement("p");
  status.className = "visually-hidden";
  status.setAttribute("role", "status");
  part.after(status);
  const button = form.querySelector(`[data-instead-of="${part.id}"]`);
  if (button) button.hidden = true;

  const typed = () => {
    const all = [...new FormData(form)];
    const fields = part.dataset.liveFields.split(" ");
    const counts = (name) => fields.some((field) => name === field || name.startsWith(`${field}-`));
    return new URLSearchParams(all.filter(([name]) => counts(name))).toString();
  };
  let shown = typed();
  let timer;
  let asked;

  async function workOut() {
    const now = typed();
    if (now === shown) return;
    asked?.abort();
    asked = new AbortController();
    const body = new URLSearchParams(now);
    body.append("csrf_token", form.elements.csrf_token.value);
    try {
      const answer = await fetch(part.dataset.live, { method: "POST", body, signal: asked.signal });
      if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
      part.innerHTML = await answer.text();
      shown = now;
      status.textContent = part.querySelector("[data-summary]")?.textContent ?? "";
    } catch (error) {
      if (error.name !== "AbortError" && button) button.hidden = false;
    }
  }

  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(workOut, PAUSE);
  };
  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
}
