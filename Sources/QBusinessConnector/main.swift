import Glibc
import Pipeline

exit(await serve(requiring: ConnectorHandler.required, ConnectorHandler.init))
