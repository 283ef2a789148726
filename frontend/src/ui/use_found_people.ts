import { onBeforeUnmount, ref, shallowRef } from "vue";
import type { Ref } from "vue";
import { findPeople } from "../chat/find_people";
import type { User } from "../wire/shapes";

const TYPING_REST = 150;

/** People by the name that is being typed, asked for when the typing rests. */
export function useFoundPeople(query: Readonly<Ref<string>>) {
  const found = shallowRef<readonly User[]>([]);
  /** What they were found by. */
  const searched = ref("");
  let rest: ReturnType<typeof setTimeout> | undefined;

  function typed(): void {
    clearTimeout(rest);
    rest = setTimeout(() => void search(), TYPING_REST);
  }

  async function search(): Promise<void> {
    const asked = query.value.trim();
    const people = asked ? await findPeople(asked) : [];
    if (asked !== query.value.trim()) return;
    found.value = people;
    searched.value = asked;
  }

  onBeforeUnmount(() => clearTimeout(rest));
  return { found, searched, typed };
}
