import { createApp } from "vue";
import { sessionKey } from "./chat";
import { Session } from "./chat/session";
import "./styles/shared.css";
import App from "./ui/App.vue";

const url = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws`;
const session = new Session(url, isSignedIn, signIn);

const root = document.querySelector<HTMLElement>("#app")!;
createApp(App, { flash: root.dataset.flash ?? "" })
  .provide(sessionKey, session)
  .mount(root);
session.start();

addEventListener("online", () => session.wake());
addEventListener("offline", () => session.wake()); // Or a dead line would be noticed late.
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") session.wake();
});

/** Only a clear "no" counts: a server that cannot be asked is a matter of reconnecting. */
async function isSignedIn(): Promise<boolean> {
  try {
    return (await fetch("/api/v1/session")).status !== 401;
  } catch {
    return true;
  }
}

function signIn(): void {
  location.assign(`/login?next=${encodeURIComponent(location.pathname + location.search)}`);
}
