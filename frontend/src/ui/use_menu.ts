import { nextTick, onBeforeUnmount, ref } from "vue";
import type { Ref } from "vue";
import { stepped } from "../text/completion";

/** A button with a menu of its own: opening, walking, choosing and closing it. */
export function useMenu(root: Readonly<Ref<HTMLElement | null>>, button: Readonly<Ref<HTMLElement | null>>) {
  const isOpen = ref(false);
  const opensUp = ref(false);

  async function open(): Promise<void> {
    opensUp.value = button.value!.getBoundingClientRect().top > innerHeight * 0.55;
    isOpen.value = true;
    addEventListener("pointerdown", pressedOutside);
    await nextTick();
    items()[0]?.focus();
  }

  function close(): void {
    isOpen.value = false;
    removeEventListener("pointerdown", pressedOutside);
  }

  function closeToButton(): void {
    close();
    button.value?.focus();
  }

  function pressedOutside(event: Event): void {
    if (!root.value?.contains(event.target as Node)) close();
  }

  function step(by: number): void {
    const all = items();
    all[stepped(all.indexOf(document.activeElement as HTMLElement), by, all.length)]?.focus();
  }

  function items(): HTMLElement[] {
    return [...(root.value?.querySelectorAll<HTMLElement>("[role=menuitem]") ?? [])];
  }

  function choose(act: () => unknown): void {
    closeToButton();
    act();
  }

  function pressed(event: KeyboardEvent): void {
    if (event.key === "Tab") close();
    if (!["Escape", "ArrowDown", "ArrowUp"].includes(event.key)) return;
    event.preventDefault();
    if (event.key !== "Escape") step(event.key === "ArrowDown" ? 1 : -1);
    else if (isOpen.value) {
      event.stopPropagation();
      closeToButton();
    }
  }

  onBeforeUnmount(close);
  return { isOpen, opensUp, toggle: () => (isOpen.value ? close() : void open()), choose, pressed };
}
