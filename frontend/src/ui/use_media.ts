import { onBeforeUnmount, ref } from "vue";
import type { Ref } from "vue";

/** The widths at which the layout of app.css changes. */
export const PHONE = "(max-width: 50rem)";
export const NARROW = "(max-width: 62rem)";

/** Whether a media query holds, now and whenever that changes. */
export function useMedia(query: string): Readonly<Ref<boolean>> {
  const list = matchMedia(query);
  const holds = ref(list.matches);
  const changed = () => (holds.value = list.matches);
  list.addEventListener("change", changed);
  onBeforeUnmount(() => list.removeEventListener("change", changed));
  return holds;
}
