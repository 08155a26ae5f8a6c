/* A table that is wider than its frame can be scrolled with the keyboard: then, and only then, the frame is a stop. */
export function reachFrame(frame) {
  const caption = frame.querySelector("caption")?.textContent.trim();
  new ResizeObserver(() => {
    const wide = frame.scrollWidth > frame.clientWidth;
    if (!wide) {
      for (const name of ["tabindex", "role", "aria-label"]) frame.removeAttribute(name);
      return;
    }
    frame.tabIndex = 0;
    frame.setAttribute("role", "group");
    if (caption) frame.setAttribute("aria-label", caption);
  }).observe(frame);
}
