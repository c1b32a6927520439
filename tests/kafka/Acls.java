import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/** Grants rights. Arguments: the brokers, then PRINCIPAL RESOURCE_TYPE NAME PATTERN_TYPE OPERATION over and over. */
public class Acls {
    public static void main(String[] args) throws Exception {
        List<AclBinding> rights = new ArrayList<>();
        for (int i = 1; i < args.length; i += 5) {
            ResourceType type = ResourceType.valueOf(args[i + 1]);
            PatternType pattern = PatternType.valueOf(args[i + 3]);
            AclOperation operation = AclOperation.valueOf(args[i + 4]);
            rights.add(new AclBinding(
                new ResourcePattern(type, args[i + 2], pattern),
                new AccessControlEntry(args[i], "*", operation, AclPermissionType.ALLOW)));
        }
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", args[0]))) {
            admin.createAcls(rights).all().get();
        }
    }
}
