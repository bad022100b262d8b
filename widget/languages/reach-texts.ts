/** English of where the chat asks for an address, and of what is chosen about mails. */
export const reachTexts = {
  reachAsk: "Leave your email and we will answer there.",
  reachSave: "Save",
  reachGiven: "We will answer here and at {email}.",
  reachChange: "Change",
  reachCode: "We wrote to {email}. Enter the code from that mail to get all answers there.",
  reachConfirm: "Confirm",
  reachProven: "We answer here and at {email}.",
  reachEverything: "Send me everything by email",
  reachUnread: "If not, only what you have not read here.",
  reachOldCode: "This code no longer works. Our next mail brings a new one.",
};
