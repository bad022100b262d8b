import type { LeafCondition, NumberTest } from "../../../protocol/conditions.ts";
import { useOffers } from "./builder-context.ts";
import { EventRow, EventTimeRow } from "./event-rows.tsx";
import { CONVERSATION_LABELS, SESSION_NUMBER_LABELS, SESSION_TEXT_LABELS } from "./labels.ts";
import { CurrencySelect, NumberTestField } from "./number-test-field.tsx";
import { PropertyRow } from "./property-row.tsx";
import { ReactionRow, SegmentRow } from "./reference-rows.tsx";
import { sessionChoices } from "./session-choices.ts";
import { TextTestField } from "./text-test-field.tsx";
import { TimeTestField } from "./time-test-field.tsx";
import { optionsOf, VerbSelect } from "./verb-select.tsx";
import styles from "./conditions.module.css";

type Props = { value: LeafCondition; onChange(leaf: LeafCondition): void };

/** The fields of one condition, in the order of its sentence. */
export function ConditionRow({ value: leaf, onChange }: Props) {
  const { catalogue, names } = useOffers();
  switch (leaf.type) {
    case "event":
      return <EventRow value={leaf} onChange={onChange} />;
    case "event_time":
      return <EventTimeRow value={leaf} onChange={onChange} />;
    case "property":
    case "property_time":
      return <PropertyRow value={leaf} onChange={onChange} />;
    case "reaction":
      return <ReactionRow value={leaf} onChange={onChange} />;
    case "segment":
      return <SegmentRow value={leaf} onChange={onChange} />;
    case "session_text":
      return (
        <Line>
          <VerbSelect
            label="What of the visit"
            value={leaf.field}
            options={optionsOf(SESSION_TEXT_LABELS)}
            onChange={(field) => onChange({ ...leaf, field })}
          />
          <TextTestField
            label={SESSION_TEXT_LABELS[leaf.field]}
            value={leaf.is}
            suggestions={sessionChoices(leaf.field, catalogue)}
            onChange={(is) => onChange({ ...leaf, is })}
          />
        </Line>
      );
    case "session_number":
      return (
        <Line>
          <VerbSelect
            label="What of the visit"
            value={leaf.field}
            options={optionsOf(SESSION_NUMBER_LABELS)}
            onChange={(field) => onChange({ ...leaf, field })}
          />
          <NumberTestField
            label={SESSION_NUMBER_LABELS[leaf.field]}
            value={leaf.is}
            onChange={(is) => onChange({ ...leaf, is })}
          />
        </Line>
      );
    case "seen":
      return (
        <Line>
          <VerbSelect
            label="First or last"
            value={leaf.which}
            options={[
              { value: "first", label: "first seen" },
              { value: "last", label: "last seen" },
            ]}
            onChange={(which) => onChange({ ...leaf, which })}
          />
          <TimeTestField
            label={`When ${leaf.which} seen`}
            value={leaf.is}
            onChange={(is) => onChange({ ...leaf, is })}
          />
        </Line>
      );
    case "cart_total":
    case "orders_total":
    case "orders_average":
      return (
        <Line subject={AMOUNTS[leaf.type]}>
          <NumberTestField
            label={AMOUNTS[leaf.type]}
            value={leaf.is}
            onChange={(is) => onChange({ ...leaf, is })}
          />
          <CurrencySelect
            label={AMOUNTS[leaf.type]}
            value={leaf.currency}
            known={catalogue?.currencies ?? []}
            onChange={(currency) => onChange({ ...leaf, currency })}
          />
        </Line>
      );
    case "cart_items":
      return numberRow("number of things in the cart", leaf.is, (is) => onChange({ ...leaf, is }));
    case "orders_count":
      return numberRow("number of orders", leaf.is, (is) => onChange({ ...leaf, is }));
    case "cart_product":
      return (
        <Line subject="a product in the cart">
          <TextTestField
            label="Product in the cart"
            value={leaf.is}
            suggestions={[]}
            onChange={(is) => onChange({ ...leaf, is })}
          />
        </Line>
      );
    case "cart_changed":
    case "orders_last":
    case "conversation_answered":
      return (
        <Line subject={MOMENTS[leaf.type]}>
          <TimeTestField
            label={MOMENTS[leaf.type]}
            value={leaf.is}
            onChange={(is) => onChange({ ...leaf, is })}
          />
        </Line>
      );
    case "conversation":
      return (
        <Line>
          <VerbSelect
            label="Conversation"
            value={leaf.is}
            options={optionsOf(CONVERSATION_LABELS)}
            onChange={(is) => onChange({ ...leaf, is })}
          />
        </Line>
      );
    case "conversation_operator":
      return (
        <Line subject="operator who last answered">
          <TextTestField
            label="Operator"
            isClosed
            value={leaf.is}
            suggestions={[...names.operators].map(([value, label]) => ({ value, label }))}
            onChange={(is) => onChange({ ...leaf, is })}
          />
        </Line>
      );
  }
}

const AMOUNTS = {
  cart_total: "cart total",
  orders_total: "total of all orders",
  orders_average: "average order",
} as const;

const MOMENTS = {
  cart_changed: "cart was last changed",
  orders_last: "last ordered",
  conversation_answered: "was last answered",
} as const;

const numberRow = (subject: string, is: NumberTest, onChange: (is: NumberTest) => void) => (
  <Line subject={subject}>
    <NumberTestField label={subject} isWhole value={is} onChange={onChange} />
  </Line>
);

function Line({ subject, children }: { subject?: string; children: React.ReactNode }) {
  return (
    <div className={styles.line}>
      {subject !== undefined && <span className={styles.subject}>{subject}</span>}
      {children}
    </div>
  );
}
