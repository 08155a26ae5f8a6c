/* Add and remove lines of a list (budget, partners) without a round trip.
   Without scripts the same buttons send the form and the server adds or removes the line. The server reads
   whatever indexes arrive, so a removed line leaves a gap and nothing is renumbered. */

const FIELD = 'input:not([type="hidden"]), select, textarea';

// The name of a line that stays when the line moves, as the server makes them: 16 hexadecimal digits.
function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(8))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function enhanceRows(list) {
  const template = list.querySelector("template");
  const add = document.querySelector(`[data-add-row="${list.id}"]`);
  if (!template) return;
  let next = Number(list.dataset.next);

  const changed = () => list.dispatchEvent(new Event("input", { bubbles: true }));

  add?.addEventListener("click", (event) => {
    event.preventDefault();
    const holder = document.createElement("template");
    holder.innerHTML = template.innerHTML.replaceAll("__index__", String(next));
    next += 1;
    const row = holder.content.firstElementChild;
    for (const key of row.querySelectorAll("[data-new-key]")) key.value = newKey();
    template.before(row);
    row.querySelector(FIELD)?.focus();
    changed();
  });

  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-remove-row]");
    if (!button) return;
    event.preventDefault();
    const row = button.closest("[data-row]");
    const after = row.nextElementSibling?.matches("[data-row]") ? row.nextElementSibling : row.previousElementSibling;
    row.remove();
    (after?.querySelector(FIELD) ?? add)?.focus();
    changed();
  });
}
