package dev.kairos.app.agent;

import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpServerFeatures.SyncToolSpecification;
import io.modelcontextprotocol.server.McpSyncServer;
import io.modelcontextprotocol.server.transport.HttpServletStreamableServerTransportProvider;
import io.modelcontextprotocol.spec.McpSchema;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** A tool server over streamable HTTP, made of the library's servlet on a port of this machine. */
final class HttpTools implements AutoCloseable {
    /** What came in the header Authorization, request by request. */
    final List<String> authorizations = new CopyOnWriteArrayList<>();

    private final Server jetty = new Server();
    private final ServerConnector connector = new ServerConnector(jetty);
    private final McpSyncServer mcp;

    HttpTools(List<SyncToolSpecification> tools) throws Exception {
        HttpServletStreamableServerTransportProvider transport = HttpServletStreamableServerTransportProvider.builder()
                .jsonMapper(McpJsonDefaults.getMapper())
                .mcpEndpoint("/mcp")
                .build();
        mcp = McpServer.sync(transport)
                .serverInfo("http-tools", "1")
                .capabilities(
                        McpSchema.ServerCapabilities.builder().tools(false).build())
                .tools(tools)
                .build();
        connector.setHost("127.0.0.1");
        jetty.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler("/");
        ServletHolder holder = new ServletHolder(new Watched(transport));
        holder.setAsyncSupported(true);
        context.addServlet(holder, "/*");
        jetty.setHandler(context);
        jetty.setStopTimeout(0);
        jetty.start();
    }

    String url() {
        return "http://127.0.0.1:" + connector.getLocalPort() + "/mcp";
    }

    /** Ends every connection at once, answers under way included. */
    void cut() {
        connector.getConnectedEndPoints().forEach(end -> end.close(new IOException("cut")));
    }

    @Override
    public void close() throws Exception {
        mcp.close();
        jetty.stop();
    }

    private final class Watched extends HttpServlet {
        private static final long serialVersionUID = 1L;

        private final transient HttpServlet to;

        Watched(HttpServlet to) {
            this.to = to;
        }

        @Override
        public void init() throws jakarta.servlet.ServletException {
            to.init(getServletConfig());
        }

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response)
                throws jakarta.servlet.ServletException, IOException {
            authorizations.add(
                    Optional.ofNullable(request.getHeader("Authorization")).orElse(""));
            to.service(request, response);
        }
    }
}
