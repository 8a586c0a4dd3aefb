// Announces the end of the session ten minutes before it. Asking the server is no use of the session.
const announcement = document.querySelector("[data-session-seconds]");
if (announcement) {
  const announcedSeconds = 600;
  const form = announcement.querySelector("form");
  let timer;

  const show = (seconds) => {
    form.hidden = seconds > announcedSeconds;
    clearTimeout(timer);
    // While it is shown, somebody may stay through another tab.
    const wait = form.hidden ? seconds - announcedSeconds : 30;
    timer = setTimeout(ask, wait * 1000);
  };
  const ask = async () => {
    try {
      const answer = await fetch(announcement.dataset.sessionAddress);
      show((await answer.json()).seconds);
    } catch {
      timer = setTimeout(ask, 30000);
    }
  };

  show(Number(announcement.dataset.sessionSeconds));
  // A computer that slept has missed its timers, and whoever stayed comes back from the other tab.
  document.addEventListener("visibilitychange", () => document.hidden || ask());
}
