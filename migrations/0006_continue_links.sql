CREATE TABLE `continue_links` (
	`id` text PRIMARY KEY NOT NULL,
	`workspace_id` text NOT NULL,
	`visitor_id` text NOT NULL,
	`device_id` text,
	`address` text,
	`page` text NOT NULL,
	`made_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`used_at` integer,
	`taken_by` text,
	`next_device_id` text
);
--> statement-breakpoint
CREATE INDEX `continue_links_by_visitor` ON `continue_links` (`workspace_id`,`visitor_id`);--> statement-breakpoint
CREATE INDEX `continue_links_by_end` ON `continue_links` (`expires_at`);