/* In a meeting: who left the room for a file leaves its page too, as soon as it may no longer be seen. */
const GONE = [401, 403, 404];

export function leaveWhenGone(part) {
  part.addEventListener("htmx:response:error", (event) => {
    if (GONE.includes(event.detail.ctx.response.status)) location.replace(part.dataset.away);
  });
}
