import { TextInput } from "@mantine/core";
import type { Catalogue } from "../../../../protocol/segments-api.ts";
import type { PageMoment, When } from "../../../../protocol/triggers.ts";
import { ChoiceField } from "../../conditions/choice-field.tsx";
import { EventPicker } from "../../conditions/event-picker.tsx";
import { FilterList } from "../../conditions/filter-list.tsx";
import type { Names } from "../../conditions/names.ts";
import { NumberField } from "../../conditions/number-field.tsx";
import { TextTestField } from "../../conditions/text-test-field.tsx";
import { VerbSelect } from "../../conditions/verb-select.tsx";
import { EMPTY_PAGE, momentOf, segmentChoice, withWhenType } from "../edits.ts";
import styles from "./editor.module.css";
import words from "../../page/words.module.css";

type Props = {
  value: When;
  onChange(when: When): void;
  catalogue: Catalogue | undefined;
  names: Names;
};

/** What starts it: an event, coming into or leaving a segment, or something on a page. */
export function WhenFields({ value: when, onChange, catalogue, names }: Props) {
  return (
    <>
      <div className={styles.line}>
        <span>somebody</span>
        <VerbSelect
          label="What starts it"
          value={when.type === "segment" ? when.on : when.type}
          options={[
            { value: "event", label: "does" },
            { value: "enter", label: "comes into the segment" },
            { value: "leave", label: "leaves the segment" },
            { value: "page", label: "is on a page and" },
          ]}
          onChange={(type) => {
            if (type === "event" || type === "page") return onChange(withWhenType(when, type));
            const next = withWhenType(when, "segment");
            if (next.type === "segment") onChange({ ...next, on: type });
          }}
        />
        {when.type === "event" && (
          <EventPicker
            label="Event"
            value={when.event}
            catalogue={catalogue}
            onChange={(event) => onChange({ ...when, event })}
          />
        )}
        {when.type === "segment" && (
          <ChoiceField
            label="Segment"
            placeholder={names.segments.size === 0 ? "No segments yet" : "Choose a segment"}
            value={when.segment}
            choices={[...names.segments].map(([value, label]) => ({ value, label }))}
            isInvalid={when.segment === ""}
            onChange={(segment) => onChange({ ...when, segment: segmentChoice(segment) })}
          />
        )}
        {when.type === "page" && (
          <MomentFields value={when.moment} onChange={(moment) => onChange({ ...when, moment })} />
        )}
      </div>
      {when.type === "event" && (
        <FilterList
          event={when.event}
          value={when.where}
          catalogue={catalogue}
          onChange={(where) => onChange({ ...when, where })}
        />
      )}
      {when.type === "page" && <PageFields when={when} onChange={onChange} catalogue={catalogue} />}
    </>
  );
}

const MOMENTS: readonly { value: PageMoment["on"]; label: string }[] = [
  { value: "time", label: "has been there for" },
  { value: "scroll", label: "has scrolled down" },
  { value: "exit", label: "is about to leave" },
  { value: "inactivity", label: "has done nothing for" },
  { value: "click", label: "clicks on" },
];

function MomentFields({
  value: moment,
  onChange,
}: {
  value: PageMoment;
  onChange(moment: PageMoment): void;
}) {
  return (
    <>
      <VerbSelect
        label="What happens on the page"
        value={moment.on}
        options={MOMENTS}
        onChange={(on) => onChange(momentOf(on))}
      />
      {"seconds" in moment && (
        <>
          <NumberField
            label="Seconds"
            isWhole
            min={0}
            value={moment.seconds}
            isInvalid={!Number.isFinite(moment.seconds)}
            onChange={(seconds) => onChange({ ...moment, seconds })}
          />
          <span>seconds</span>
        </>
      )}
      {moment.on === "scroll" && (
        <>
          <NumberField
            label="Percent of the page"
            isWhole
            min={1}
            value={moment.percent}
            isInvalid={!Number.isFinite(moment.percent)}
            onChange={(percent) => onChange({ ...moment, percent })}
          />
          <span>% of it</span>
        </>
      )}
      {moment.on === "click" && (
        <TextInput
          aria-label="CSS selector of the element"
          placeholder="#buy or .price"
          className={styles.selector ?? ""}
          maxLength={500}
          value={moment.selector}
          onChange={(event) => onChange({ ...moment, selector: event.currentTarget.value })}
        />
      )}
    </>
  );
}

function PageFields({
  when,
  onChange,
  catalogue,
}: {
  when: Extract<When, { type: "page" }>;
  onChange(when: When): void;
  catalogue: Catalogue | undefined;
}) {
  const { page, moment } = when;
  return (
    <>
      <div className={styles.line}>
        <VerbSelect
          label="Which pages"
          value={page === null ? "any" : "some"}
          options={[
            { value: "any", label: "on any page" },
            { value: "some", label: "on pages whose address" },
          ]}
          onChange={(which) => onChange({ ...when, page: which === "any" ? null : EMPTY_PAGE })}
        />
        {page !== null && (
          <TextTestField
            label="Address"
            value={page}
            suggestions={(catalogue?.session["page"] ?? []).map((value) => ({
              value,
              label: value,
            }))}
            onChange={(next) => onChange({ ...when, page: next })}
          />
        )}
      </div>
      {moment.on === "exit" && (
        <p className={words.quiet}>
          The pointer leaves at the top; on touch screens a fast scroll back up.
        </p>
      )}
      {(moment.on === "time" || moment.on === "inactivity") && (
        <p className={words.quiet}>Time counts only while the page is looked at.</p>
      )}
    </>
  );
}
