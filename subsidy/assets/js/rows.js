/* Add and remove lines of a list (budget, partners) without a round trip.
   Without scripts the same buttons send the form and the server adds or removes the line. The server reads
   whatever indexes arrive, so a removed line leaves a gap and nothing is renumbered. */
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
    template.before(row);
    row.querySelector("input, select, textarea")?.focus();
    changed();
  });

  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-remove-row]");
    if (!button) return;
    event.preventDefault();
    const row = button.closest("[data-row]");
    const after = row.nextElementSibling?.matches("[data-row]") ? row.nextElementSibling : row.previousElementSibling;
    row.remove();
    (after?.querySelector("input, select, textarea") ?? add)?.focus();
    changed();
  });
}
