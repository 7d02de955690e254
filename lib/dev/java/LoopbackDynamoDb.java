import java.lang.reflect.Field;
import java.util.List;
import java.util.Locale;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import software.amazon.dynamodb.services.local.main.ServerRunner;
import software.amazon.dynamodb.services.local.server.DynamoDBProxyServer;

/**
 * DynamoDB Local on a loopback port of the system's choice, for as long as somebody holds its standard input open.
 *
 * DynamoDB Local itself has an option for the port, but none for the address: it listens on all of them. And a parent
 * that was killed cannot stop it; the end of standard input comes whatever happened to the parent. It also answers every
 * web page that asks; this class refuses pages, by the rules of foreign-request.ts.
 *
 * LoopbackDynamoDb.class beside this file is this source compiled for Java 17, so that a runtime without a compiler is
 * enough; a test compiles it again and compares. To rebuild it, in this folder, with JAR the path of DynamoDBLocal.jar:
 *
 *     javac --release 17 -g:none -cp JAR LoopbackDynamoDb.java
 */
public class LoopbackDynamoDb extends Handler.Wrapper {
  public static void main(String[] args) throws Exception {
    DynamoDBProxyServer proxy = ServerRunner.createServerFromCommandLineArgs(args);
    Field field = DynamoDBProxyServer.class.getDeclaredField("server");
    field.setAccessible(true);
    Server server = (Server) field.get(proxy);
    server.setHandler(new LoopbackDynamoDb(server.getHandler()));
    ServerConnector connector = (ServerConnector) server.getConnectors()[0];
    connector.setHost("127.0.0.1");
    connector.setPort(0);
    proxy.start();
    System.out.println("listening on port " + connector.getLocalPort());
    while (System.in.read() >= 0) {
      // Nothing is ever sent: only the end counts.
    }
    System.exit(0);
  }

  private LoopbackDynamoDb(Handler guarded) {
    super(guarded);
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    int refusal = refusalOf(request.getHeaders(), Request.getLocalPort(request));
    if (refusal == 0) return super.handle(request, response, callback);
    response.setStatus(refusal);
    callback.succeeded();
    return true;
  }

  /** The status a request from a web page is refused with, or 0. This server has no pages of its own. */
  private static int refusalOf(HttpFields headers, int port) {
    List<String> own = List.of("127.0.0.1:" + port, "localhost:" + port, "[::1]:" + port);
    List<String> hosts = headers.getValuesList("Host");
    if (hosts.size() != 1 || !own.contains(hosts.get(0).toLowerCase(Locale.ROOT))) return 421;
    for (String origin : headers.getValuesList("Origin")) {
      String host = origin.toLowerCase(Locale.ROOT).replaceFirst("^http://", "");
      if (host.equals(origin) || !own.contains(host)) return 403;
    }
    String site = headers.get("Sec-Fetch-Site");
    return site == null || site.equals("none") || site.equals("same-origin") ? 0 : 403;
  }
}
