import java.lang.reflect.Field;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import software.amazon.dynamodb.services.local.main.ServerRunner;
import software.amazon.dynamodb.services.local.server.DynamoDBProxyServer;

/**
 * DynamoDB Local on a loopback port of the system's choice, for as long as somebody holds its standard input open.
 *
 * DynamoDB Local itself has an option for the port, but none for the address: it listens on all of them. And a parent
 * that was killed cannot stop it; the end of standard input comes whatever happened to the parent.
 *
 * LoopbackDynamoDb.class beside this file is this source compiled for Java 17, so that a runtime without a compiler is
 * enough; a test compiles it again and compares. To rebuild it, in this folder, with JAR the path of DynamoDBLocal.jar:
 *
 *     javac --release 17 -g:none -cp JAR LoopbackDynamoDb.java
 */
public class LoopbackDynamoDb {
  public static void main(String[] args) throws Exception {
    DynamoDBProxyServer proxy = ServerRunner.createServerFromCommandLineArgs(args);
    Field server = DynamoDBProxyServer.class.getDeclaredField("server");
    server.setAccessible(true);
    ServerConnector connector = (ServerConnector) ((Server) server.get(proxy)).getConnectors()[0];
    connector.setHost("127.0.0.1");
    connector.setPort(0);
    proxy.start();
    System.out.println("listening on port " + connector.getLocalPort());
    while (System.in.read() >= 0) {
      // Nothing is ever sent: only the end counts.
    }
    System.exit(0);
  }
}
