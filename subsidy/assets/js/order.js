/* The order of priority: lines that can be dragged, and the focus that follows a line when it moved.
   Without scripts every line has buttons and a field for its place; these stay, for the keyboard. */
const EDGE = 70; // pixels from the top or the bottom of the window within which the page scrolls along
const STEP = 14;

let pressed = null; // the kind of button that was used last: up, down, put or back
let focused = ""; // what had the focus when the order was fetched anew

/* Somebody changed something in the meeting: show it, unless this person is in the middle of something. */
document.addEventListener("meeting-changed", () => {
  const part = document.getElementById("order");
  const stale = document.getElementById("order-stale");
  if (!part || !stale) return;
  const busy = isBusy(part);
  stale.textContent = busy ? stale.dataset.text : "";
  if (busy) return;
  focused = part.contains(document.activeElement) ? document.activeElement.id : "";
  part.dispatchEvent(new Event("order-fresh"));
});

export function keepOrder(part) {
  part.addEventListener("submit", (event) => {
    pressed = event.submitter?.dataset.step ?? null;
  });
  tell(part);
  const list = part.querySelector("[data-order-list]");
  if (list) for (const handle of list.querySelectorAll("[data-handle]")) letDrag(list, handle);
}

/* After a move: say it, and keep the focus on the line that moved. */
function tell(part) {
  const status = document.getElementById("order-told");
  const told = part.querySelector("[data-told]")?.textContent ?? "";
  if (status && status.textContent !== told) status.textContent = told;
  const stale = document.getElementById("order-stale");
  if (stale) stale.textContent = "";
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  focused = "";
  const kind = pressed;
  pressed = null;
  if (kind === null) return;
  const refused = part.querySelector("[data-focus]");
  if (refused) {
    refused.focus();
    refused.scrollIntoView({ block: "nearest" });
    return;
  }
  const id = part.dataset.moved;
  const same = document.getElementById(`${kind}-${id}`);
  const other = document.getElementById(`${kind === "up" ? "down" : "up"}-${id}`);
  (same ?? other ?? document.getElementById(`place-${id}`))?.focus();
}

function letDrag(list, handle) {
  const line = handle.closest("li");
  handle.hidden = false;

  handle.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    const before = line.nextElementSibling;
    let over = false;
    line.toggleAttribute("data-dragging", true);

    const move = (moved) => {
      if (moved.clientY < EDGE) window.scrollBy(0, -STEP);
      if (moved.clientY > window.innerHeight - EDGE) window.scrollBy(0, STEP);
      const others = [...list.querySelectorAll("li[data-place]")].filter((one) => one !== line);
      const next = others.find((one) => {
        const box = one.getBoundingClientRect();
        return moved.clientY < box.top + box.height / 2;
      });
      if (next === undefined) list.append(line);
      else if (next.previousElementSibling !== line) next.before(line);
    };
    const end = (kept) => {
      if (over) return;
      over = true;
      line.removeAttribute("data-dragging");
      watch("removeEventListener");
      const place = [...list.querySelectorAll("li[data-place]")].indexOf(line) + 1;
      if (kept && place !== Number(line.dataset.place)) {
        const form = line.querySelector("[data-place-form]");
        if (form) {
          form.elements.namedItem("place").value = place;
          form.requestSubmit(form.querySelector("button"));
          return;
        }
      }
      list.insertBefore(line, before);
    };
    const escape = (key) => {
      if (key.key === "Escape") end(false);
    };
    const drop = () => end(true);
    const stop = () => end(false);
    // On the document: a line that is moved in it loses the pointer that it had caught.
    const watch = (how) => {
      document[how]("pointermove", move);
      document[how]("pointerup", drop);
      document[how]("pointercancel", stop);
      document[how]("keydown", escape);
    };
    watch("addEventListener");
  });
}

/* Whether somebody is in the middle of something here, which a fresh order would wipe out. */
function isBusy(part) {
  if (part.querySelector(".order-asked, [data-dragging]")) return true;
  return [...part.querySelectorAll(".order-input")].some((field) => field.value !== field.defaultValue);
}
