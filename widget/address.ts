/** The address as it names a page: an anchor is the same page, a hash route is another. */
export const address = (): string => location.href.replace(/#(?![/!]).*/, "");
