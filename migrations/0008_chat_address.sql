ALTER TABLE `history_codes` ADD `is_from_answer` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `mail_senders` ADD `ask_after_minutes` integer DEFAULT 2;