import { nextTick, ref } from "vue";
import type { Ref } from "vue";
import type { Session } from "../chat/session";

/** Opening and closing the search, and where the focus goes then. */
export function useSearchPanel(
  session: Session,
  panel: Readonly<Ref<{ focus(): void } | null>>,
  goOn: () => void,
) {
  const isOpen = ref(false);
  let openedFrom: HTMLElement | null = null;

  function open(where: "room" | "everywhere"): void {
    const { everywhere } = session.search;
    const isOther = everywhere.value !== (where === "everywhere");
    everywhere.value = where === "everywhere";
    if (isOpen.value) {
      if (isOther) void session.search.now();
      panel.value?.focus();
      return;
    }
    openedFrom = document.activeElement as HTMLElement | null;
    isOpen.value = true;
  }

  /** Whoever opened it goes on where they were. */
  async function close(): Promise<void> {
    isOpen.value = false;
    // What was covered takes the focus only when it is uncovered.
    await nextTick();
    if (openedFrom?.isConnected && openedFrom !== document.body) openedFrom.focus();
    else goOn();
  }

  /** It is in the way of what was found: that is where to go on. */
  async function leave(): Promise<void> {
    isOpen.value = false;
    await nextTick();
    goOn();
  }

  return { isOpen, open, close, leave };
}
