/** English of what every such form says. */
export const formTexts = {
  back: "Back",
  noAnswer: "That did not work. Check your connection and try again.",
};

/** English of the form for those who wrote before. */
export const wroteTexts = {
  ...formTexts,
  wroteHow:
    "Type the email address that you wrote from. We send a code there; then you see your conversation here.",
  emailAddress: "Email address",
  sendCode: "Send code",
  /** It says nothing of whether anybody is known there. */
  codeSent:
    "If you wrote to us from {email}, a code is on its way there. It works for 10 minutes, in this browser.",
  code: "6-digit code",
  showConversation: "Show my conversation",
  newCode: "Send a new code",
  newCodeIn: "New code in {n} s",
  otherAddress: "Another address",
  badAddress: "This is not an email address.",
  badCode: "A code has six digits.",
  codeWrong: "This code is not right.",
  codeExpired: "This code has expired. Ask for a new one.",
  codeUsed: "This code has been used. Ask for a new one.",
  codeTries: "This code was tried too often. Ask for a new one.",
  codesTooMany: "Too many codes were asked for. Try again later.",
  codePause: "Wait a moment, then try again.",
};
