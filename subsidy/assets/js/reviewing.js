/* Shows which criteria are done while a reviewer writes: a score is chosen, and its reasons are long enough.
   Without scripts the list shows what was saved last. */
import { wordsOf } from "./words.js";

export function followReview(form) {
  const marks = [...document.querySelectorAll("[data-criterion]")];
  const { textDone, textToDo, textCount } = form.dataset;
  const total = document.querySelector("[data-criteria-done]");

  const value = (name) => form.elements.namedItem(name)?.value ?? "";

  function show() {
    let done = 0;
    for (const mark of marks) {
      const name = mark.dataset.criterion;
      const reasons = form.elements.namedItem(`motivation-${name}`);
      const enough = wordsOf(reasons.value) >= Math.max(1, Number(reasons.dataset.minWords ?? 1));
      const ready = value(`score-${name}`) !== "" && enough;
      done += ready;
      mark.textContent = ready ? textDone : textToDo;
      mark.dataset.tone = ready ? "positive" : "neutral";
    }
    total.textContent = textCount.replace("{done}", done).replace("{all}", marks.length);
  }
  form.addEventListener("input", show);
  show();
}
