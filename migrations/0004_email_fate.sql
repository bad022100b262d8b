CREATE TABLE `mail_correspondents` (
	`workspace_id` text NOT NULL,
	`conversation_id` text NOT NULL,
	`address` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`workspace_id`, `conversation_id`, `address`)
);
--> statement-breakpoint
CREATE INDEX `mail_correspondents_by_conversation` ON `mail_correspondents` (`conversation_id`);--> statement-breakpoint
CREATE TABLE `mail_events` (
	`provider` text NOT NULL,
	`id` text NOT NULL,
	`provider_id` text,
	`job` text,
	`fate` text NOT NULL,
	`is_hard` integer NOT NULL,
	`reason` text,
	`at` integer NOT NULL,
	`received_at` integer NOT NULL,
	PRIMARY KEY(`provider`, `id`)
);
--> statement-breakpoint
CREATE INDEX `mail_events_by_provider` ON `mail_events` (`provider_id`);--> statement-breakpoint
CREATE TABLE `mail_senders` (
	`workspace_id` text PRIMARY KEY NOT NULL,
	`from_name` text,
	`from_address` text,
	`from_verified_at` integer,
	`from_flaw` text,
	`reply_domain` text,
	`reply_arrived_at` integer,
	`reply_verified_at` integer,
	`found` text NOT NULL,
	`checked_at` integer,
	`copy_after_minutes` integer DEFAULT 5 NOT NULL
);
--> statement-breakpoint
CREATE TABLE `suppressions` (
	`workspace_id` text NOT NULL,
	`address` text NOT NULL,
	`why` text NOT NULL,
	`reason` text,
	`by` text,
	`at` integer NOT NULL,
	`lifted_at` integer,
	PRIMARY KEY(`workspace_id`, `address`)
);
--> statement-breakpoint
ALTER TABLE `mails` ADD `address` text;--> statement-breakpoint
ALTER TABLE `mails` ADD `workspace_id` text;--> statement-breakpoint
ALTER TABLE `mails` ADD `conversation_id` text;--> statement-breakpoint
ALTER TABLE `mails` ADD `message` integer;--> statement-breakpoint
CREATE INDEX `mails_by_provider` ON `mails` (`provider_id`);--> statement-breakpoint
CREATE INDEX `identifiers_by_visitor` ON `identifiers` (`workspace_id`,`visitor_id`);--> statement-breakpoint
CREATE INDEX `mail_visitors_by_visitor` ON `mail_visitors` (`workspace_id`,`visitor_id`);