import { expect, test } from "vitest";
import { detailsFrom, findProblems } from "./checkout-details.ts";

const filled = {
  name: " Ada Byron ",
  email: "ada@example.com",
  street: "Quay 4",
  postcode: "9000",
  city: "Ghent",
  country: "Belgium",
};

test("a filled form has no problems and is trimmed", () => {
  const values = new Map(Object.entries(filled));
  expect(findProblems(values)).toEqual([]);
  expect(detailsFrom(values)).toEqual({ ...filled, name: "Ada Byron" });
});

test("every missing field is named once, in the order of the form", () => {
  const values = new Map(Object.keys(filled).map((field) => [field, " "]));
  expect(findProblems(values).map(({ field }) => field)).toEqual([
    "email",
    "name",
    "street",
    "postcode",
    "city",
    "country",
  ]);
});

test("only the fields that a form has are asked for", () => {
  expect(findProblems(new Map([["name", "Ada"]]))).toEqual([]);
});

test("an email needs a name, an at sign and a domain", () => {
  for (const email of ["ada", "ada@", "@example.com", "ada@example", "a b@example.com"]) {
    expect(findProblems(new Map([["email", email]])), email).toHaveLength(1);
  }
});
