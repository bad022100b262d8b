import { createContext, use } from "react";
import type { Catalogue } from "../../../protocol/segments-api.ts";
import { NO_NAMES, type Names } from "./names.ts";

/** What every row of one builder may offer. */
type Offers = { catalogue: Catalogue | undefined; names: Names };

export const BuilderContext = createContext<Offers>({ catalogue: undefined, names: NO_NAMES });

export const useOffers = (): Offers => use(BuilderContext);
