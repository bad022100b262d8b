CREATE TABLE `arrived_mails` (
	`workspace_id` text NOT NULL,
	`key` text NOT NULL,
	`outcome` text NOT NULL,
	`visitor_id` text,
	`conversation_id` text,
	`original` text NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`workspace_id`, `key`)
);
--> statement-breakpoint
CREATE TABLE `mail_threads` (
	`workspace_id` text NOT NULL,
	`conversation_id` text NOT NULL,
	`address` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`workspace_id`, `conversation_id`)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `mail_threads_by_conversation` ON `mail_threads` (`conversation_id`);--> statement-breakpoint
CREATE TABLE `mail_visitors` (
	`workspace_id` text NOT NULL,
	`address` text NOT NULL,
	`visitor_id` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`workspace_id`, `address`)
);
