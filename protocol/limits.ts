/** Every limit that a peer can run into. Each one is tested at, below and above its value. */

/** Largest frame or HTTP body that is parsed at all, in bytes of UTF-8. */
export const FRAME_MAX_BYTES = 65_536;
/** Deepest nesting of arrays and objects in a frame or body. */
export const FRAME_MAX_DEPTH = 16;
/** Longest text of a message or note, in UTF-16 code units. */
export const MESSAGE_TEXT_MAX = 8_000;
/** Facts (events, pages, claims) in one batch. */
export const BATCH_MAX_FACTS = 50;
/** Longest event name. */
export const EVENT_NAME_MAX = 128;
/** Properties of one event, and operations of one `set`. */
export const PROPERTIES_MAX = 100;
/** Longest key of a property. */
export const PROPERTY_KEY_MAX = 64;
/** Longest text value of a property. */
export const PROPERTY_TEXT_MAX = 2_000;
/** Bytes of JSON that one event's properties may take. */
export const EVENT_MAX_BYTES = 16_384;
/** Properties that one visitor may hold; further new keys are rejected one by one. */
export const VISITOR_PROPERTIES_MAX = 250;
/** Different event names that one visitor may count; further new names are rejected one by one. */
export const VISITOR_EVENT_NAMES_MAX = 500;
/** Longest URL, title or referrer that is kept; longer ones are cut. */
export const URL_MAX = 2_048;
export const TITLE_MAX = 256;
/** Numbers ahead of the first gap that a stream may run; further ones are refused, not dropped. */
export const STREAM_WINDOW = 64;
/** Longest name of a stream. */
export const STREAM_ID_MAX = 48;
/** Entries in one answer to `resume`; the client asks again for the rest. */
export const RESUME_MAX_ENTRIES = 200;
/** Open sockets that one device may hold on one object; the oldest is closed beyond it. */
export const DEVICE_SOCKETS_MAX = 8;
/** Open sockets that one operator session may hold on one object. */
export const OPERATOR_SOCKETS_MAX = 12;
/** Commands per socket: the bucket's size and how many are added per second. */
export const SOCKET_BURST = 120;
export const SOCKET_RATE_PER_SECOND = 40;
/** A typing signal is passed on at most once in this time. */
export const TYPING_INTERVAL_MS = 1_000;
/** How long a signal of typing is shown without being renewed. */
export const TYPING_SHOWN_MS = 5_000;
/** How long a ticket for a conversation's socket may be redeemed. */
export const TICKET_LIFETIME_MS = 60_000;
/** A gap longer than this between two signs of life starts a new session of the visitor. */
export const SESSION_GAP_MS = 30 * 60_000;
/** A change reaches other objects at once, and again no sooner than this. */
export const PUSH_INTERVAL_MS = 1_000;
/** How long a visitor counts as present without a renewal. */
export const PRESENCE_LEASE_MS = 180_000;
/** How often an object with an open page renews its lease. */
export const PRESENCE_RENEW_MS = 120_000;
/** Presence shards of a workspace. */
export const PRESENCE_SHARDS = 16;
/** Visitors shown on the live board at once. */
export const BOARD_MAX_VISITORS = 500;
/** Token-less boots per workspace and address prefix: bucket and refill per minute. */
export const BOOT_BURST = 120;
export const BOOT_RATE_PER_MINUTE = 60;
/** First messages of new conversations per workspace and address prefix. */
export const FIRST_MESSAGE_BURST = 30;
export const FIRST_MESSAGE_RATE_PER_MINUTE = 10;
/** Conversations in one answer with a visitor's list; the client asks again for the rest. */
export const CONVERSATIONS_PAGE_SIZE = 20;
/** Rows of one page of the operators' lists. */
export const LIST_PAGE_SIZE = 50;
/** Largest photo of an operator, in bytes. */
export const PHOTO_MAX_BYTES = 2 * 1024 * 1024;
/** Bytes of one job on a queue; the platform refuses 128 KB opaquely, so we stop before. */
export const JOB_MAX_BYTES = 100_000;
/** Messages carried by one projection job; the rest follow in the next. */
export const JOB_MAX_MESSAGES = 100;
/** Sign-in codes: digits, lifetime, wrong tries, and requests per address in a quarter of an hour. */
export const CODE_DIGITS = 6;
export const CODE_LIFETIME_MS = 10 * 60_000;
export const CODE_MAX_TRIES = 5;
export const CODE_REQUESTS_MAX = 5;
export const CODE_REQUESTS_WINDOW_MS = 15 * 60_000;
/** How long a visitor waits before the next code to the same address. */
export const CODE_PAUSE_MS = 30_000;
/** How long an invitation can be accepted. */
export const INVITATION_LIFETIME_MS = 14 * 24 * 3_600_000;
/** Allowed origins of a workspace. */
export const ORIGINS_MAX = 50;

/** Longest subject that an operator gives a mail. */
export const SUBJECT_MAX = 200;
/** Longest time that an answer may be set to stay unread in the chat before it goes out as a mail. */
export const COPY_AFTER_MAX_MINUTES = 1_440;
/** Longest time that a chat may wait for an answer before it asks for an address, and the time where none is set. */
export const ASK_AFTER_MAX_MINUTES = 60;
export const ASK_AFTER_MINUTES = 2;
/** How long the code in an answer to a chat proves its address. */
export const ANSWER_CODE_LIFETIME_MS = 7 * 24 * 3_600_000;
/** How long a workspace may have mails kept as they came, where it does not keep them as long as their message. */
export const ORIGINALS_MIN_DAYS = 7;
export const ORIGINALS_MAX_DAYS = 3_650;
/** Largest body of a provider's webhook. */
export const WEBHOOK_MAX_BYTES = 256 * 1024;

/** Conditions in one tree, and how deep groups may stand in one another. */
export const CONDITIONS_MAX = 200;
export const CONDITION_DEPTH_MAX = 5;
/** Values of one list in a condition, and the longest text that a condition compares with. */
export const LIST_VALUES_MAX = 10_000;
export const CONDITION_TEXT_MAX = 2_000;
/** The most that a condition about a count may ask for. */
export const TIMES_MAX = 1_000;
/** Bytes of one segment or trigger as it is saved. */
export const DEFINITION_MAX_BYTES = 512 * 1024;
/** Deepest nesting of arrays and objects in one: the deepest tree of conditions with filters fits. */
export const DEFINITION_MAX_DEPTH = 24;
/** Segments and triggers of one workspace that are kept up to date; archived ones do not count. */
export const SEGMENTS_MAX = 1_000;
export const TRIGGERS_MAX = 1_000;
/** Variants of one trigger. */
export const VARIANTS_MAX = 10;
/** Longest text of a template, in UTF-16 code units. */
export const TEMPLATE_MAX = 4_000;
/** The most messages that a workspace's cap may allow one person. */
export const CAP_MESSAGES_MAX = 100;
/** Longest wait of a trigger, and longest window of its goal or its repetition. */
export const WAIT_MAX_MS = 30 * 86_400_000;
export const PERIOD_MAX_MS = 366 * 86_400_000;
/** Firings of one visitor that wait to be decided; further ones are left out. */
export const PENDING_MAX = 200;
/** Page rules and pop-ups that one page is told of at once. */
export const ARMED_MAX = 20;
export const SHOWN_MAX = 3;
/** How long a pop-up or message waits for the person to come back to the site. */
export const MOMENT_LIFETIME_MS = 14 * 86_400_000;
/** Alerts that the Inbox keeps. */
export const ALERTS_MAX = 100;

/** Longest signed proof of identity that is looked at, and longest identifier, in UTF-16 code units. */
export const PROOF_MAX = 4_096;
export const IDENTIFIER_MAX = 255;
/** How far ahead of now a proof may expire, and how far clocks may differ. */
export const PROOF_LIFETIME_MAX_MS = 24 * 3_600_000;
export const PROOF_SKEW_MS = 60_000;
/** Keys of one workspace that proofs may be signed with at the same time. */
export const IDENTITY_KEYS_MAX = 5;
/** How long a key that is replaced may still be used, at most. */
export const KEY_OVERLAP_MAX_MS = 30 * 86_400_000;
/** Identifiers that one visitor has proven; the newest stay. */
export const VERIFIED_MAX = 20;
/** Moves of one device that an old token is followed through; beyond them it is answered with a new visitor. */
export const MOVES_FOLLOWED_MAX = 8;
/** Secrets by which a browser that has proven something is known; the newest stay. */
export const HANDOVER_KEYS_MAX = 8;
/** Characters of such a secret. */
export const HANDOVER_SECRET_MIN = 16;
export const HANDOVER_SECRET_MAX = 64;
/** How long a right that a proof has ended is asked to wait where the secret does not come with it; then it is nothing. */
export const HANDOVER_WAIT_MS = 5_000;
/** How long facts that were on their way under such a right go where its device has gone. */
export const LATE_FACTS_MS = 60_000;
/** Streams whose marks travel with a device that moves: the newest. */
export const MOVED_STREAMS_MAX = 2_000;

/** How long a link works that goes on elsewhere: made in the chat, and in a mail. */
export const CONTINUE_LIFETIME_MS = 10 * 60_000;
export const CONTINUE_MAIL_LIFETIME_MS = 7 * 86_400_000;
/** How long what a used link has handed over may be exchanged for a right. */
export const CONTINUE_TICKET_MS = 60_000;
/** Links of one visitor that may be used at a time, made in the chat and in mails: a further one ends the oldest. */
export const CONTINUE_LINKS_MAX = 5;
export const CONTINUE_MAIL_LINKS_MAX = 50;
/** Links that one device may make in a quarter of an hour. */
export const CONTINUE_REQUESTS_MAX = 30;

/** Visitors that may be linked to one another by hand. */
export const LINKED_MAX = 8;
/** People of whom a card says that they may be the same person. */
export const SUGGESTIONS_MAX = 5;
/** Longest text that people are looked up by, and how many are found. */
export const LOOK_UP_MAX = 100;
export const FOUND_MAX = 20;
