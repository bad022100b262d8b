import { Button, Combobox, useCombobox } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import type { LeafCondition } from "../../../protocol/conditions.ts";
import { useOffers } from "./builder-context.ts";
import { kindSections } from "./kinds.ts";
import styles from "./conditions.module.css";

/** The list of everything that can be asked of a person, found by typing. */
export function AddCondition({ onAdd }: { onAdd(condition: LeafCondition): void }) {
  const { catalogue } = useOffers();
  const [typed, setTyped] = useState("");
  const combobox = useCombobox({
    onDropdownClose: () => {
      combobox.resetSelectedOption();
      setTyped("");
    },
    onDropdownOpen: () => combobox.focusSearchInput(),
  });
  const wanted = typed.trim().toLocaleLowerCase();
  const sections = kindSections(
    catalogue?.events.map((event) => event.name) ?? [],
    catalogue?.properties.map((property) => property.key) ?? [],
    catalogue?.currencies[0] ?? "EUR",
  )
    .map(({ title, kinds }) => ({
      title,
      kinds: kinds.filter((kind) =>
        `${kind.label} ${kind.id} ${title}`.toLocaleLowerCase().includes(wanted),
      ),
    }))
    .filter(({ kinds }) => kinds.length > 0);

  return (
    <Combobox
      store={combobox}
      width={320}
      position="bottom-start"
      onOptionSubmit={(id) => {
        const kind = sections.flatMap(({ kinds }) => kinds).find((each) => each.id === id);
        combobox.closeDropdown();
        if (kind !== undefined) onAdd(kind.make());
      }}
    >
      <Combobox.Target withAriaAttributes={false}>
        <Button
          variant="light"
          size="compact-sm"
          aria-haspopup="listbox"
          aria-expanded={combobox.dropdownOpened}
          leftSection={<IconPlus size={15} />}
          onClick={() => combobox.toggleDropdown()}
        >
          Add a condition
        </Button>
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Search
          aria-label="Find a condition"
          placeholder="Find: cart, country, ordered…"
          value={typed}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            combobox.updateSelectedOptionIndex();
          }}
        />
        <Combobox.Options mah={340} className={styles.kinds ?? ""} aria-label="Conditions">
          {sections.map(({ title, kinds }) => (
            <Combobox.Group key={title} label={title}>
              {kinds.map((kind) => (
                <Combobox.Option key={kind.id} value={kind.id}>
                  {kind.label}
                </Combobox.Option>
              ))}
            </Combobox.Group>
          ))}
          {sections.length === 0 && <Combobox.Empty>Nothing is called that</Combobox.Empty>}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
