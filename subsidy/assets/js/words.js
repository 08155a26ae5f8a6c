/* Live word count under a text field. The server counts the same way and has the last word. */
export function countWords(field) {
  const most = Number(field.dataset.maxWords);
  const line = document.getElementById(`${field.id}-words`);
  if (!line || !most) return;
  const { textCount, textOver } = line.dataset;
  const show = () => {
    const words = field.value.trim().split(/\s+/).filter(Boolean).length;
    const over = words > most;
    line.textContent = (over ? textOver : textCount)
      .replace("{words}", words)
      .replace("{most}", most)
      .replace("{over}", words - most);
    line.toggleAttribute("data-over", over);
  };
  field.addEventListener("input", show);
  show();
}
