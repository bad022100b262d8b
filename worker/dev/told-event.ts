/** What Cloudflare puts on its queue of a mail: developers.cloudflare.com/email-service/platform/event-subscriptions/ */
export function toldEvent(told: {
  type: string;
  messageId: string;
  eventId: string;
  recipient: string;
  at: number;
}): object {
  const { type, messageId, eventId, recipient, at } = told;
  const [code, reason] =
    type === "delivered" ? ["250", "250 2.0.0 OK"] : ["550", "550 5.1.1 User unknown"];
  return {
    type: `cf.email.sending.message.${type}`,
    source: { type: "email.sending", zoneId: "dev", domain: "parley.test" },
    payload: {
      eventId,
      messageId,
      sender: "parley@parley.test",
      recipient,
      terminal: type !== "deferred",
      delivery: { status: type, smtpStatusCode: code, smtpResponse: reason },
      ...(type === "bounced"
        ? { bounce: { type: "hard", classification: "permanent_failure", reason } }
        : {}),
      ...(type === "rejected" ? { rejection: { reason: "spam", party: "recipient" } } : {}),
      ...(type === "complained" ? { complaint: { type: "abuse" } } : {}),
    },
    metadata: {
      accountId: "dev",
      eventSubscriptionId: "dev",
      eventSchemaVersion: 1,
      eventTimestamp: new Date(at).toISOString(),
    },
  };
}
