import { nextTick, ref } from "vue";
import type { Ref } from "vue";

/** Opening and closing what stands beside the room, and where the focus goes then. */
export function useSidePanel(panel: Readonly<Ref<{ focus(): void } | null>>, goOn: () => void) {
  const isOpen = ref(false);
  let openedFrom: HTMLElement | null = null;

  function open(): void {
    if (isOpen.value) {
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
