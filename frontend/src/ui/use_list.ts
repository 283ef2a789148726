import { nextTick, ref } from "vue";
import { stepped } from "../text/completion";

/** Arrows and Enter in a list of choices below a search field. */
export function useList(length: () => number, take: (index: number) => void) {
  const chosen = ref(0);

  function pressed(event: KeyboardEvent): void {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      chosen.value = stepped(chosen.value, event.key === "ArrowDown" ? 1 : -1, length());
      void nextTick(() => document.querySelector(".choice--chosen")?.scrollIntoView({ block: "nearest" }));
    } else if (event.key === "Enter" && length() > 0) {
      event.preventDefault();
      take(chosen.value);
    }
  }

  return { chosen, pressed, restart: () => (chosen.value = 0) };
}
