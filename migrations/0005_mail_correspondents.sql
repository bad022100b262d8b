CREATE TABLE `mail_correspondents` (
	`workspace_id` text NOT NULL,
	`conversation_id` text NOT NULL,
	`address` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`workspace_id`, `conversation_id`, `address`)
);
--> statement-breakpoint
CREATE INDEX `mail_correspondents_by_conversation` ON `mail_correspondents` (`conversation_id`);--> statement-breakpoint
CREATE INDEX `mail_visitors_by_visitor` ON `mail_visitors` (`workspace_id`,`visitor_id`);