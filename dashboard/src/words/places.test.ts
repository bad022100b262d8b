import { expect, test } from "vitest";
import { countryName, flag, languageName, localTime, zoneCity } from "./places.ts";

test("countries and languages have names; what is unknown is shown as it came", () => {
  expect(countryName("de", "en")).toBe("Germany");
  expect(countryName("??", "en")).toBe("??");
  expect(languageName("pt-BR", "en")).toBe("Brazilian Portuguese");
  expect(languageName("not a tag", "en")).toBe("not a tag");
});

test("flags are made of two letters and of nothing else", () => {
  expect(flag("DE")).toBe("🇩🇪");
  expect(flag("jp")).toBe("🇯🇵");
  expect(flag("DEU")).toBe("");
});

test("the time of somebody's zone; null for a zone that this browser does not know", () => {
  const at = Date.UTC(2026, 10, 18, 15, 30);
  expect(localTime("Asia/Tokyo", at, "en-GB")).toMatch(/^Thu,? 00:30$/);
  expect(localTime("Mars/Olympus", at)).toBeNull();
  expect(zoneCity("America/Argentina/Buenos_Aires")).toBe("Buenos Aires");
});
