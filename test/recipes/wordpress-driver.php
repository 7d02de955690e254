<?php
// Plays as much of WordPress as the recipe asks for. Its users stand in a file, which outlives a request.

$file = getenv('WORDPRESS_FILE');
$state = is_file($file) ? json_decode(file_get_contents($file), true) : ['users' => [], 'meta' => [], 'current' => 0, 'ended' => []];
$filters = [];

class WP_User
{
    public function __construct(public int $ID)
    {
    }
}

class WP_Error
{
    public function __construct(public string $code, public string $message = '')
    {
    }
}

class WP_Session_Tokens
{
    public static function get_instance($id)
    {
        return new self($id);
    }
    public function __construct(private int $id)
    {
    }
    public function destroy_all()
    {
        $GLOBALS['state']['ended'][] = $this->id;
    }
}

function add_filter($name, $function, $priority = 10, $arguments = 1)
{
    $GLOBALS['filters'][$name][$function] = $priority;
}
function add_action($name, $function)
{
    add_filter($name, $function);
}
function remove_filter($name, $function, $priority)
{
    unset($GLOBALS['filters'][$name][$function]);
}
function is_wp_error($value)
{
    return $value instanceof WP_Error;
}
function wp_unslash($text)
{
    return stripslashes($text);
}
function wp_json_encode($value)
{
    return json_encode($value);
}
function wp_generate_password($length)
{
    return bin2hex(random_bytes($length / 2));
}
function wp_remote_request($url, $options)
{
    $headers = [];
    foreach ($options['headers'] as $name => $value) {
        $headers[] = "$name: $value";
    }
    $http = ['method' => $options['method'], 'header' => $headers, 'content' => $options['body'] ?? '', 'timeout' => $options['timeout'], 'ignore_errors' => true];
    return @file_get_contents($url, false, stream_context_create(['http' => $http]));
}
function wp_remote_retrieve_body($answer)
{
    return $answer === false ? '' : $answer;
}
function get_users($query)
{
    $found = array_filter($GLOBALS['state']['meta'], fn ($meta) => ($meta[$query['meta_key']] ?? null) === $query['meta_value']);
    return array_map(fn ($id) => new WP_User($id), array_keys($found));
}
function get_user_by($_field, $id)
{
    return new WP_User($id);
}
function wp_insert_user($user)
{
    foreach ($GLOBALS['state']['users'] as $other) {
        if ($other['user_email'] === $user['user_email']) {
            return new WP_Error('existing_user_email');
        }
    }
    $id = count($GLOBALS['state']['users']) + 1;
    $GLOBALS['state']['users'][$id] = $user;
    $GLOBALS['state']['meta'][$id] = [];
    return $id;
}
function update_user_meta($id, $name, $value)
{
    $GLOBALS['state']['meta'][$id][$name] = $value;
}
function get_user_meta($id, $name)
{
    return $GLOBALS['state']['meta'][$id][$name] ?? '';
}
function get_current_user_id()
{
    return $GLOBALS['state']['current'];
}
function wp_set_current_user($id)
{
    $GLOBALS['state']['current'] = $id;
}
function get_transient($name)
{
    return false;
}
function set_transient($name, $value, $seconds)
{
}

/** WordPress's own check, which knows nobody here. */
function wp_authenticate_username_password($user)
{
    return $user ?? new WP_Error('incorrect_password');
}
add_filter('authenticate', 'wp_authenticate_username_password', 20);

require 'docs/recipes/wordpress-usher.php';

[$call, $given] = json_decode(stream_get_contents(STDIN), true);
if ($call === 'log_in') {
    $_SERVER['REMOTE_ADDR'] = $given['ip'];
    $user = null;
    asort($filters['authenticate']);
    foreach (array_keys($filters['authenticate']) as $function) {
        if (isset($filters['authenticate'][$function])) {
            $user = $function($user, $given['login'], addslashes($given['password']));
        }
    }
    $state['current'] = $user instanceof WP_User ? $user->ID : 0;
    $answer = $user instanceof WP_User ? ['user' => $user->ID] : ['error' => $user->code];
} elseif ($call === 'insert') {
    $answer = ['user' => wp_insert_user($given)];
} else {
    usher_check_session();
    $answer = ['current' => $state['current'], 'has_tag' => usher_has_tag($given['tag']), 'ended' => $state['ended']];
}
file_put_contents($file, json_encode($state));
echo json_encode($answer);
