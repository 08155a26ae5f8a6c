/* The words of a text as the server counts them. */
export const wordsOf = (text) => text.trim().split(/\s+/).filter(Boolean).length;

/* Live word count under a text field: at most so many words, or at least. The server has the last word. */
export function countWords(field) {
  const most = Number(field.dataset.maxWords);
  const least = Number(field.dataset.minWords);
  const line = document.getElementById(`${field.id}-words`);
  if (!line || !(most || least)) return;
  const { textCount, textOver, textUnder } = line.dataset;
  const show = () => {
    const words = wordsOf(field.value);
    const over = Boolean(most) && words > most;
    const under = Boolean(least) && words < least;
    line.textContent = (over ? textOver : under ? textUnder : textCount)
      .replace("{words}", words)
      .replace("{most}", most)
      .replace("{least}", least)
      .replace("{over}", words - most);
    line.toggleAttribute("data-over", over);
  };
  field.addEventListener("input", show);
  show();
}
