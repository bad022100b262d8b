/** English of the list of the person's conversations. */
export const threadsTexts = {
  yourConversations: "Your conversations",
  /** In place of who answered. */
  unanswered: "Not answered yet",
  byEmail: "By email",
  /** It was begun before it was known whose it is. */
  beforeSignIn: "From before you signed in",
  isClosed: "Closed",
  moreConversations: "Show older conversations",
  noConversations: "No conversations yet.",
  listFailed: "Your conversations did not load. Check your connection.",
};
