CREATE TABLE `history_codes` (
	`workspace_id` text NOT NULL,
	`device_id` text NOT NULL,
	`address` text NOT NULL,
	`code` text NOT NULL,
	`tries` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`used_at` integer,
	PRIMARY KEY(`workspace_id`, `device_id`, `address`)
);
--> statement-breakpoint
CREATE INDEX `history_codes_by_end` ON `history_codes` (`expires_at`);