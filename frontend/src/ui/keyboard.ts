import { onBeforeUnmount, onMounted } from "vue";
import type { Desk } from "../chat";
import type { Session } from "../chat/session";
import { stepped } from "../text/completion";

/** The shortcuts of the whole page. Dialogs keep their keys to themselves. */
export function useShortcuts(session: Session, desk: Desk): void {
  function step(by: number, onlyUnread: boolean): void {
    const all = session.rooms.inOrder.value;
    const at = all.findIndex((room) => room.id === session.visit.roomId.value);
    for (
      let index = stepped(at, by, all.length), tried = 0;
      tried < all.length;
      index = stepped(index, by, all.length), tried++
    ) {
      const room = all[index]!;
      if (onlyUnread && room.unread === 0) continue;
      desk.go(room.name ?? room.id);
      return;
    }
  }

  function pressed(event: KeyboardEvent): void {
    if (event.isComposing) return;
    if ((event.ctrlKey || event.metaKey) && event.code === "KeyK") {
      event.preventDefault();
      desk.openDialog("switcher");
    } else if (document.querySelector("dialog[open]")) {
      return;
    } else if ((event.ctrlKey || event.metaKey) && event.shiftKey && event.code === "KeyF") {
      // Ctrl+F alone stays the browser's own search in the page.
      event.preventDefault();
      desk.openSearch("room");
    } else if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
      event.preventDefault();
      step(event.key === "ArrowDown" ? 1 : -1, event.shiftKey);
    } else if (event.key === "?" && !isTyping(event.target)) {
      event.preventDefault();
      desk.openDialog("shortcuts");
    } else if (event.key === "Escape") {
      markRead();
    }
  }

  function markRead(): void {
    const room = session.visit.roomId.value;
    if (!room) return;
    session.visit.newAfter.value = null;
    session.reading.markRead(room);
  }

  onMounted(() => addEventListener("keydown", pressed));
  onBeforeUnmount(() => removeEventListener("keydown", pressed));
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
}
