/* Shows a question only after the answer that it waits for, when that answer is on the same page.
   A hidden question is sent along, so its text comes back with the question; the server does not count it. */
export function askWhen(holder) {
  const form = holder.closest("form");
  const { askedWhen, equals } = holder.dataset;
  const controls = () => [...form.elements].filter((control) => control.name === askedWhen);
  if (!form || controls().length === 0) return;

  const chosen = (control) =>
    control.matches("[type=radio], [type=checkbox]") ? control.checked && control.value === equals : control.value === equals;
  const show = () => {
    // A question that waits for one that is hidden, is hidden too.
    const waits = controls().some((control) => control.closest("[data-asked-when][hidden]"));
    holder.hidden = waits || !controls().some(chosen);
  };
  form.addEventListener("input", show);
  form.addEventListener("change", show);
  show();
}
