export type CheckoutDetails = {
  name: string;
  email: string;
  street: string;
  postcode: string;
  city: string;
  country: string;
};

type FieldProblem = { field: string; message: string };

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@.]{2,}$/;

const REQUIRED: readonly (readonly [field: string, message: string])[] = [
  ["email", "Enter your email address, so that we can send the confirmation"],
  ["name", "Enter the name to deliver to"],
  ["street", "Enter the street and number"],
  ["postcode", "Enter the postcode"],
  ["city", "Enter the town or city"],
  ["country", "Choose the country"],
];

/** What is missing or wrong in a contact or delivery form, in the order of its fields. */
export function findProblems(values: ReadonlyMap<string, string>): FieldProblem[] {
  return REQUIRED.filter(([field]) => values.has(field)).flatMap(([field, message]) => {
    const value = values.get(field)?.trim() ?? "";
    if (value === "") return [{ field, message }];
    if (field === "email" && !EMAIL.test(value)) {
      return [{ field, message: "Enter an email address like name@example.com" }];
    }
    return [];
  });
}

export function detailsFrom(values: ReadonlyMap<string, string>): CheckoutDetails {
  const text = (field: string): string => values.get(field)?.trim() ?? "";
  return {
    name: text("name"),
    email: text("email"),
    street: text("street"),
    postcode: text("postcode"),
    city: text("city"),
    country: text("country"),
  };
}
