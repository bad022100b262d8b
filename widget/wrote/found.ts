/** What is kept in the browser once its person has found what they wrote before. */
export const FOUND = ":found";
