import { onBeforeUnmount, onBeforeUpdate, onMounted, onUpdated } from "vue";
import type { ShallowRef } from "vue";

const AT_END = 32;

interface Anchor {
  row: string;
  top: number;
}

/**
 * Keeps what the reader looks at where it is, whatever is added above, below or in between, and
 * however wide the lines become; and keeps a reader who is at the end there. Browsers do the first only sometimes (not Safari) and
 * fight with a script that does it too, so their own anchoring is switched off in the style.
 */
export function useSteadyScroll(
  box: Readonly<ShallowRef<HTMLElement | null>>,
  content: Readonly<ShallowRef<HTMLElement | null>>,
) {
  let anchors: Anchor[] = [];
  let staysAtEnd = true;

  function isAtEnd(): boolean {
    const { scrollHeight, scrollTop, clientHeight } = box.value!;
    return scrollHeight - scrollTop - clientHeight < AT_END;
  }

  function toEnd(): void {
    staysAtEnd = true;
    box.value!.scrollTop = box.value!.scrollHeight;
  }

  function remember(): void {
    const edge = box.value!.getBoundingClientRect();
    const visible = [...content.value!.querySelectorAll<HTMLElement>("[data-row]")].filter((row) => {
      const { top, bottom } = row.getBoundingClientRect();
      return bottom > edge.top && top < edge.bottom;
    });
    anchors = visible.map((row) => ({ row: row.dataset.row!, top: row.getBoundingClientRect().top }));
  }

  function restore(): void {
    if (staysAtEnd) {
      toEnd();
      return;
    }
    for (const { row, top } of anchors) {
      const element = content.value!.querySelector(`[data-row="${CSS.escape(row)}"]`);
      if (!element) continue;
      box.value!.scrollTop += element.getBoundingClientRect().top - top;
      return;
    }
  }

  /** A panel that opens, a growing composer, a keyboard that slides in, a turned phone. */
  function resized(): void {
    restore();
    remember();
  }

  /** To be called when the reader has scrolled, never when the page has. */
  function scrolled(): void {
    staysAtEnd = isAtEnd();
    remember();
  }

  function show(element: Element | null | undefined, place: ScrollLogicalPosition): void {
    if (!element) return;
    element.scrollIntoView({ block: place });
    scrolled();
  }

  const observer = new ResizeObserver(resized);
  onMounted(() => {
    observer.observe(box.value!);
    observer.observe(content.value!);
  });
  onBeforeUnmount(() => observer.disconnect());
  onBeforeUpdate(remember);
  onUpdated(restore);

  return { isAtEnd, toEnd, show, scrolled };
}
