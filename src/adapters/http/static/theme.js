// Runs in <head>, before the first paint, so that a chosen theme does not flash in the other one.
(function () {
  try {
    var theme = JSON.parse(localStorage.getItem("besedka.theme"));
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  } catch (e) {
    // No storage, or something else in it: the system's theme is right.
  }
})();
