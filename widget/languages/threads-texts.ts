/** English of the list of the person's conversations. */
export const threadsTexts = {
  yourConversations: "Your conversations",
  byEmail: "By email",
  /** It was begun before it was known whose it is. */
  earlierVisit: "From an earlier visit",
  isClosed: "Closed",
  moreConversations: "Show older conversations",
  noConversations: "No conversations yet.",
  listFailed: "Your conversations did not load. Check your connection.",
};
