import { TextInput } from "@mantine/core";
import type { Catalogue } from "../../../../protocol/segments-api.ts";
import type { ProductCardDefinition } from "../../../../protocol/triggers.ts";
import { NumberField } from "../../conditions/number-field.tsx";
import { VerbSelect } from "../../conditions/verb-select.tsx";
import styles from "./editor.module.css";
import { AmountField } from "./amount-field.tsx";
import words from "../../page/words.module.css";

type Card = ProductCardDefinition;
type Props = {
  value: Card;
  onChange(card: Card): void;
  catalogue: Catalogue | undefined;
  flaw: string | null;
};

/** Which product a message shows, at what price for this person, and with which code. */
export function CardFields({ value: card, onChange, catalogue, flaw }: Props) {
  const { product, discount, code } = card;
  const currencies = catalogue?.currencies ?? [];
  const currency = currencies[0] ?? "EUR";
  return (
    <div className={styles.nested} data-invalid={flaw !== null}>
      <div className={styles.line}>
        <span>It is</span>
        <VerbSelect
          label="Which product"
          value={product.from}
          options={[
            { value: "viewed", label: "the last one they looked at" },
            { value: "cart", label: "the dearest one in their cart" },
            { value: "wishlist", label: "the last one on their wish-list" },
            { value: "chosen", label: "this one:" },
          ]}
          onChange={(from) =>
            onChange({
              ...card,
              product:
                from === "chosen"
                  ? { from, name: "", url: "", imageUrl: null, price: null }
                  : { from },
            })
          }
        />
      </div>
      {product.from === "chosen" && (
        <ChosenFields
          value={product}
          onChange={(next) => onChange({ ...card, product: next })}
          currencies={currencies}
        />
      )}
      <div className={styles.line}>
        <span>at</span>
        <VerbSelect
          label="Price for this person"
          value={discount?.type ?? "none"}
          options={[
            { value: "none", label: "its usual price" },
            { value: "percent", label: "a discount of" },
            { value: "price", label: "a price of their own:" },
          ]}
          onChange={(type) =>
            onChange({
              ...card,
              discount:
                type === "none"
                  ? null
                  : type === "percent"
                    ? { type, off: 10 }
                    : { type, amountMinor: Number.NaN, currency },
            })
          }
        />
        {discount?.type === "percent" && (
          <>
            <NumberField
              label="Discount in percent"
              isWhole
              min={1}
              value={discount.off}
              isInvalid={!(discount.off >= 1 && discount.off <= 99)}
              onChange={(off) => onChange({ ...card, discount: { type: "percent", off } })}
            />
            <span>%</span>
          </>
        )}
        {discount?.type === "price" && (
          <AmountField
            label="Price for this person"
            value={discount}
            known={currencies}
            onChange={(amount) => onChange({ ...card, discount: { type: "price", ...amount } })}
          />
        )}
      </div>
      <div className={styles.line}>
        <span>with</span>
        <VerbSelect
          label="Code"
          value={code?.type ?? "none"}
          options={[
            { value: "none", label: "no code" },
            { value: "fixed", label: "one code for all:" },
            { value: "personal", label: "a code of their own, beginning with" },
          ]}
          onChange={(type) =>
            onChange({
              ...card,
              code:
                type === "none"
                  ? null
                  : type === "fixed"
                    ? { type, code: "" }
                    : { type, prefix: "TEA" },
            })
          }
        />
        {code !== null && (
          <TextInput
            aria-label={code.type === "fixed" ? "Code" : "What codes begin with"}
            className={styles.code ?? ""}
            maxLength={code.type === "fixed" ? 40 : 20}
            value={code.type === "fixed" ? code.code : code.prefix}
            onChange={(event) => {
              const text = event.currentTarget.value;
              onChange({
                ...card,
                code:
                  code.type === "fixed"
                    ? { type: "fixed", code: text.trim() }
                    : { type: "personal", prefix: text.trim().toUpperCase() },
              });
            }}
          />
        )}
      </div>
      {code !== null && (
        <p className={words.quiet}>
          {code.type === "personal"
            ? "Eight characters follow that nobody else gets. Your shop decides what a code is worth."
            : "Your shop decides what the code is worth."}
        </p>
      )}
    </div>
  );
}

type Chosen = Extract<Card["product"], { from: "chosen" }>;

function ChosenFields({
  value: product,
  onChange,
  currencies,
}: {
  value: Chosen;
  onChange(product: Chosen): void;
  currencies: readonly string[];
}) {
  const change = (part: Partial<Chosen>): void => onChange({ ...product, ...part });
  return (
    <>
      <div className={styles.pair}>
        <TextInput
          label="Name"
          maxLength={200}
          value={product.name}
          onChange={(event) => change({ name: event.currentTarget.value })}
        />
        <TextInput
          label="Its page"
          placeholder="https:// or /page"
          value={product.url}
          onChange={(event) => change({ url: event.currentTarget.value })}
        />
        <TextInput
          label="Picture"
          placeholder="https:// (may stay empty)"
          value={product.imageUrl ?? ""}
          onChange={(event) => {
            const url = event.currentTarget.value;
            change({ imageUrl: url === "" ? null : url });
          }}
        />
      </div>
      <div className={styles.line}>
        <span>which usually costs</span>
        <AmountField
          label="Usual price"
          value={product.price ?? { amountMinor: Number.NaN, currency: currencies[0] ?? "EUR" }}
          known={currencies}
          isOptional
          onChange={(price) => {
            const isEmptied =
              Number.isNaN(price.amountMinor) && product.price?.currency === price.currency;
            change({ price: isEmptied ? null : price });
          }}
        />
      </div>
    </>
  );
}
