// With `serve --live`: the page loads again when there is another edition, and says what keeps one from coming to be.
{
  const { events, digest } = document.currentScript.dataset;
  const notice = document.createElement("pre");
  notice.className = "refused";
  notice.setAttribute("role", "alert");
  let number = null;

  new EventSource(events).addEventListener("message", (event) => {
    const state = JSON.parse(event.data);
    const isOther = number === null ? digest && state.digest !== digest : state.number !== number;
    number = state.number;
    if (isOther) {
      location.reload();
      return;
    }
    notice.textContent = state.refused;
    if (state.refused) document.body.prepend(notice);
    else notice.remove();
  });
}
