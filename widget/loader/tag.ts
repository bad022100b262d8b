/** The tag that brought this script; a classic script always has one. */
export const { src, dataset } = document.currentScript as HTMLScriptElement;

/** Nothing else says which host to speak to. */
export const host = new URL(src).origin;
