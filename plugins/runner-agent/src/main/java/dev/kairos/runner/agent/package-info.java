/** Agent jobs: models behind an API, agent programs behind a command, tools from MCP servers. */
@NullMarked
package dev.kairos.runner.agent;

import org.jspecify.annotations.NullMarked;
