const two = (value: number): string => String(value).padStart(2, "0");

/** An instant as a date field wants it, in the browser's zone; nothing for one that is not known. */
export function toLocalInput(at: number): string {
  const date = new Date(at);
  const year = date.getFullYear();
  if (Number.isNaN(year)) return "";
  const day = `${String(year).padStart(4, "0")}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** The instant that a date field holds, read in the browser's zone; NaN for an unfinished one. */
export const fromLocalInput = (text: string): number =>
  text === "" ? Number.NaN : Date.parse(text);
